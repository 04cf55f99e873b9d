// The page's first script, small: what it asks for is on its way while the rest is read.
import { chunkOf } from "./chunks";
import "./opening";

void import("./main");
chunkOf(window.location.hash).catch(() => undefined); // whoever shows the page asks again, and tells what is wrong
