// node run.mjs '{"nodes":["http://127.0.0.1:8080"],"transport":"websocket","binary":false,...}' [words of a scene's name]
// plays every scene and says of each how it went: "ok NAME", "not ok NAME: why".
import { Stage } from './people.mjs';
import { particulars } from './particulars.mjs';
import { scenes } from './scenes.mjs';

const settings = JSON.parse(process.argv[2]);
const only = process.argv[3] ?? '';

for (const [name, scene] of Object.entries({ ...scenes, ...particulars })) {
  if (!name.includes(only)) {
    continue;
  }
  const stage = new Stage(settings);
  try {
    await scene(stage);
    console.log(`ok ${name}`);
  } catch (error) {
    console.log(`not ok ${name}: ${error.message ?? JSON.stringify(error)}`);
  }
  stage.close();
}
process.exit(0);
