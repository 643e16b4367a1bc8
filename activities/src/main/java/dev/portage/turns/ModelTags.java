package dev.portage.turns;

import java.util.Optional;

/** Tags of registered models. */
public interface ModelTags {

  /** A tag's value; empty when the model has none by that key. */
  Optional<String> read(String workspace, String model, String key);

  /** Sets a tag; repeating is harmless. */
  void write(String workspace, String model, String key, String value);
}
