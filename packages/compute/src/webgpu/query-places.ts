/** WGSL: where the data of query i of head h of sequence b are, for workgroup number (b·heads + h)·length + i. */
export const queryPlaces: string = /* wgsl */ `
  let i = group % u.length;
  let h = group / u.length % u.heads;
  let b = group / (u.length * u.heads);
  let stride = (u.heads + 2u * u.keyValueHeads) * u.headSize;
  let first = b * u.length * stride;
  let keys = first + (u.heads + h * u.keyValueHeads / u.heads) * u.headSize;
  let values = keys + u.keyValueHeads * u.headSize;
  let out_at = ((b * u.length + i) * u.heads + h) * u.headSize;
  let row = group * u.length;`
