class _rs_Config:
    def __init__(self, section, file_name, sections):
        self.config_ini_section = section
        self.config_file_name = file_name
        self.rs_sections = sections
        self.attributes = {}

    def get_section_option(self, section, name, default=None):
        if section not in self.rs_sections:
            raise ValueError("the ini file has no section of this name")
        value = self.rs_sections[section].get(name.lower(), default)
        if _rs_is_undefined(value):
            raise ValueError("this option cannot be interpolated")
        return value

    def get_main_option(self, name, default=None):
        return self.get_section_option(self.config_ini_section, name, default)

    def get_section(self, name, default=None):
        if name not in self.rs_sections:
            return default
        section = dict(self.rs_sections[name])
        if any(_rs_is_undefined(value) for value in section.values()):
            raise ValueError("an option of this section cannot be interpolated")
        return section
