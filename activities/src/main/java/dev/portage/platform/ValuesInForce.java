package dev.portage.platform;

import dev.portage.settings.EffectiveValue;
import dev.portage.settings.WrittenDuration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects every value in force with its source. */
final class ValuesInForce {

  static final String DEFAULT = "default";

  private final List<EffectiveValue> values = new ArrayList<>();

  /** Values as a file has them. */
  ValuesInForce file(List<EffectiveValue> fromFile) {
    values.addAll(fromFile);
    return this;
  }

  /** A value, unless a file already gave one of that name. */
  ValuesInForce add(String name, Object value, String origin) {
    if (values.stream().noneMatch(known -> known.name().equals(name))) {
      values.add(new EffectiveValue(name, text(value), origin));
    }
    return this;
  }

  /** A value that may be absent. */
  ValuesInForce addIfSet(String name, @Nullable Object value, String origin) {
    return value == null ? this : add(name, value, origin);
  }

  private static String text(Object value) {
    return value instanceof Duration time ? WrittenDuration.text(time) : value.toString();
  }

  List<EffectiveValue> list() {
    return List.copyOf(values);
  }
}
