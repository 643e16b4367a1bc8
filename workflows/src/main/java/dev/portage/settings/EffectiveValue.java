package dev.portage.settings;

import dev.portage.text.Bounded;

/**
 * One value in force, and its source.
 *
 * @param name such as "batch.table"
 * @param value as text
 * @param origin "promotion.yaml:9", "portage.yaml:4" or "default"
 */
public record EffectiveValue(String name, String value, String origin) {

  public EffectiveValue {
    name = Bounded.line(name, Bounded.NAME);
    value = Bounded.line(value, Bounded.LINE);
    origin = Bounded.line(origin, Bounded.NAME);
  }
}
