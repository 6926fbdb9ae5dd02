import { openWebGpu } from '@posttrain/compute'
const d = await openWebGpu(); console.log(d.adapter)
const b = d.allocate(12); d.write(b, [1,2,3,4,5,6,7,8,0,0,0,0]);
for (let i=0;i<300;i++){ const s=await d.read(b); if(i%50==0) (globalThis as any).gc?.() }
const m=512; const x=d.allocate(m*m), y=d.allocate(m*m), o=d.allocate(m*m); d.fill(x,1); d.fill(y,.5);
for (let r=0;r<3;r++){ const t=performance.now(); d.matmul({m,n:m,k:m,a:x,b:y,out:o}); const v=await d.read(o); const ms=performance.now()-t; console.log('512^3', ms.toFixed(1),'ms', (2*m**3/1e6/ms).toFixed(1),'GFLOP/s', v[5]) }
if (process.argv[2]) d.dispose()
