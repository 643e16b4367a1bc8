package dev.portage.live;

import dev.portage.registry.Champion;
import java.util.Optional;

/**
 * One look at what is live. In workflow code it gives stubs; within an activity, which reads
 * everything at once, the implementations themselves. So a thing says once how it is read.
 */
public interface Look {

  /**
   * Activities of the workspace.
   *
   * @param what what is read, for people
   */
  <T> T by(Class<T> activities, String what);

  /** The champion, read once for the whole look. */
  Optional<Champion> champion();
}
