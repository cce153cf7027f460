// First: onnxruntime starts workers under the page's policy.
import '../../src/protocol/trusted-types.ts';
import { checkAddends, checkGolden, checkLora } from './goldens.ts';
import { checkForms, checkKernel, checkSelfTest } from './kernels.ts';
import { checkOperators } from './operators.ts';
import { checkPicture } from './pictures.ts';

const all = {
  ...{ golden: checkGolden, addends: checkAddends, lora: checkLora, picture: checkPicture },
  ...{ kernel: checkKernel, selfTest: checkSelfTest, forms: checkForms, operators: checkOperators },
};

declare global {
  /** Called by graphs.spec.ts. */
  var checks: typeof all;
}
globalThis.checks = all;
