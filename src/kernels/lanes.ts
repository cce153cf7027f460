const THREADS = 128;

/** How many invocations share a row of so many vectors: about four vectors each; the workgroup's others have other rows. */
export function lanesFor(vectors: number): { lanes: number; threads: number } {
  let lanes = 8;
  while (lanes < THREADS && lanes * 4 < vectors) lanes *= 2;
  return { lanes, threads: THREADS };
}

/**
 * The start of a shader in which `lanes` invocations share a row of `u.vectors`: `lane` of them reads `start + lane`,
 * `start + lane + lanes` and so on below `end`, which is 0 past `u.rows`, so that all invocations meet every barrier.
 */
export const rowWgsl = (threads: number, lanes: number, body: string): string => `
@compute @workgroup_size(${threads})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) index: u32) {
  let row = (group.y * groups.x + group.x) * ${threads / lanes}u + index / ${lanes}u;
  let lane = index % ${lanes}u;
  let start = row * u.vectors;
  let end = select(0u, u.vectors, row < u.rows);
${body}
}`;
