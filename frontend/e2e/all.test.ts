import { matrixTests } from "./matrix";
import { makeWorld } from "./world";

const world = makeWorld();
matrixTests(world);
