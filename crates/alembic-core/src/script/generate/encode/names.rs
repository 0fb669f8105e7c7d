//! What Python calls its encodings.

/// A name as Python looks it up: lower case, and `_` for everything between letters and digits (`normalize_encoding`).
pub(super) fn normal(name: &str) -> String {
    let mut normal = String::with_capacity(name.len());
    let mut gap = false;
    for c in name.chars() {
        if c.is_alphanumeric() || c == '.' {
            if gap && !normal.is_empty() {
                normal.push('_');
            }
            if c.is_ascii() {
                normal.push(c.to_ascii_lowercase());
            }
            gap = false;
        } else {
            gap = true;
        }
    }
    normal
}

/// ASCII by any of its names.
pub(super) fn is_ascii(normal: &str) -> bool {
    matches!(normal, "ascii" | "646" | "us" | "us_ascii" | "csascii" | "cp367" | "ibm367")
        || matches!(normal, "iso646_us" | "iso_646.irv_1991" | "iso_ir_6")
        || matches!(normal, "ansi_x3.4_1968" | "ansi_x3_4_1968" | "ansi_x3.4_1986")
}

/// Encodings that write ASCII as it is, and anything else in ways that are not followed here.
pub(super) fn keeps_ascii(normal: &str) -> bool {
    KEEP_ASCII.binary_search(&normal).is_ok()
}

/// Encodings that Python has and that are not followed at all: no Python file is readable in them.
pub(super) fn is_not_followed(normal: &str) -> bool {
    NOT_FOLLOWED.binary_search(&normal).is_ok()
}

#[rustfmt::skip]
const KEEP_ASCII: [&str; 100] = [
    "932", "936", "949", "950", "big5", "big5_hkscs", "big5_tw", "big5hkscs", "charmap", "chinese",
    "cp1361", "cp932", "cp936", "cp949", "cp950", "csbig5", "csiso2022jp", "csiso2022kr",
    "csiso58gb231280", "csshiftjis", "euc_cn", "euc_jis2004", "euc_jis_2004", "euc_jisx0213",
    "euc_jp", "euc_kr", "euccn", "eucgb2312_cn", "eucjis2004", "eucjisx0213", "eucjp", "euckr",
    "gb18030", "gb18030_2000", "gb2312", "gb2312_1980", "gb2312_80", "gbk", "hkscs", "hz", "hz_gb",
    "hz_gb_2312", "hzgb", "iso2022_jp", "iso2022_jp_1", "iso2022_jp_2", "iso2022_jp_2004",
    "iso2022_jp_3", "iso2022_jp_ext", "iso2022_kr", "iso2022jp", "iso2022jp_1", "iso2022jp_2",
    "iso2022jp_2004", "iso2022jp_3", "iso2022jp_ext", "iso2022kr", "iso_2022_jp", "iso_2022_jp_1",
    "iso_2022_jp_2", "iso_2022_jp_2004", "iso_2022_jp_3", "iso_2022_jp_ext", "iso_2022_kr",
    "iso_ir_58", "jisx0213", "johab", "korean", "ks_c_5601", "ks_c_5601_1987", "ks_x_1001",
    "ksc5601", "ksx1001", "ms1361", "ms932", "ms936", "ms949", "ms950", "ms_kanji", "mskanji",
    "raw_unicode_escape", "s_jis", "s_jis_2004", "s_jisx0213", "shift_jis", "shift_jis_2004",
    "shift_jisx0213", "shiftjis", "shiftjis2004", "shiftjisx0213", "sjis", "sjis_2004", "sjisx0213",
    "u_jis", "uhc", "ujis", "x_mac_japanese", "x_mac_korean", "x_mac_simp_chinese",
    "x_mac_trad_chinese",
];

#[rustfmt::skip]
const NOT_FOLLOWED: [&str; 40] = [
    "037", "1026", "1140", "273", "424", "500", "864", "cp037", "cp1026", "cp1140", "cp273",
    "cp424", "cp500", "cp864", "cp875", "csibm037", "csibm1026", "csibm273", "csibm424", "csibm500",
    "csibm864", "ebcdic_cp_be", "ebcdic_cp_ca", "ebcdic_cp_ch", "ebcdic_cp_he", "ebcdic_cp_nl",
    "ebcdic_cp_us", "ebcdic_cp_wt", "ibm037", "ibm039", "ibm1026", "ibm1140", "ibm273", "ibm424",
    "ibm500", "ibm864", "idna", "punycode", "undefined", "unicode_escape",
];
