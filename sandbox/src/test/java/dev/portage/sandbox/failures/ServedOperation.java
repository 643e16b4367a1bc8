package dev.portage.sandbox.failures;

import dev.portage.sandbox.world.World;
import java.io.IOException;
import java.util.List;

/** An operation on a model that is served. */
interface ServedOperation extends Operation {

  /** What promotion.yaml says of serving, a line each, below {@code serve:}. */
  List<String> serve();

  /** Each serves models of its own, which take memory. */
  @Override
  default int atOnce() {
    return 1;
  }

  @Override
  default Crew crew(String model, World world) throws IOException {
    return Served.crew(model, world, serve());
  }
}
