export default function ActivityScreen() { return null; }
