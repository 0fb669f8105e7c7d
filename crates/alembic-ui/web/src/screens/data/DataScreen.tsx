export default function DataScreen() { return null; }
