export default function QueryScreen() { return null; }
