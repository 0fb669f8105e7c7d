import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** Where `npm run dev` finds the API: a running `alembic-rs ui`, or the mock of `dev/` when unset. */
const api = process.env["ALEMBIC_RS_UI_URL"];

export default defineConfig(async ({ command, mode }) => ({
  base: "/",
  plugins: [
    react(),
    tailwindcss(),
    ...(command === "serve" && mode !== "test" && !api ? [(await import("./dev/mock.ts")).mockApi()] : []),
  ],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  // The server puts a fresh value here in each response.
  html: { cspNonce: "__CSP_NONCE__" },
  server: { host: "127.0.0.1", ...(api ? { proxy: { "/api": { target: api } } } : {}) },
  build: {
    outDir: "../dist",
    emptyOutDir: true,
    // data: URLs and inline modules are not allowed by the policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
    sourcemap: false,
    reportCompressedSize: true,
  },
  test: { environment: "happy-dom", include: ["src/**/*.test.{ts,tsx}"], globals: false },
}));
