import { embeddingTests } from "./embedding";
import { figuresTests } from "./figures";
import { liveTests } from "./live";
import { matrixTests } from "./matrix";
import { privacyTests } from "./privacy";
import { sessionTests } from "./session";
import { makeWorld } from "./world";

const world = makeWorld();
liveTests(world);
matrixTests(world);
figuresTests(world);
privacyTests(world);
embeddingTests(world);
sessionTests(world);
