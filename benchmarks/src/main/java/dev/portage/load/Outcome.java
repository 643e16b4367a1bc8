package dev.portage.load;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The result of a scenario.
 *
 * @param scenario its name on the command line
 * @param title what it is about, in a line
 * @param figures what was measured
 * @param waits what each kind of activity waited for a worker and ran
 * @param used CPU time and memory of each part meanwhile
 * @param exact what was counted afterwards
 * @param aims limits that it is held against
 * @param warnings warnings in the workers' logs
 */
record Outcome(
    String scenario,
    String title,
    List<Figure> figures,
    List<Waited> waits,
    Map<Part, Used> used,
    List<String> exact,
    List<Aim> aims,
    @JsonProperty("complaints") List<String> warnings) {

  Outcome {
    figures = List.copyOf(figures);
    waits = List.copyOf(waits);
    used = Map.copyOf(used);
    exact = List.copyOf(exact);
    aims = List.copyOf(aims);
    warnings = List.copyOf(warnings);
  }

  /** An outcome that grows. */
  static final class Builder {
    private final String scenario;
    private final String title;
    private final List<Figure> figures = new ArrayList<>();
    private final List<Waited> waits = new ArrayList<>();
    private final Map<Part, Used> used = new EnumMap<>(Part.class);
    private final List<String> exact = new ArrayList<>();
    private final List<Aim> aims = new ArrayList<>();

    Builder(String scenario, String title) {
      this.scenario = scenario;
      this.title = title;
    }

    Builder figure(Figure figure) {
      figures.add(figure);
      return this;
    }

    Builder waits(List<Waited> all) {
      waits.addAll(all);
      return this;
    }

    Builder used(Map<Part, Used> parts) {
      used.putAll(parts);
      return this;
    }

    Builder exact(String counted) {
      exact.add(counted);
      return this;
    }

    Builder aim(Aim aim) {
      aims.add(aim);
      return this;
    }

    Outcome done(List<String> warnings) {
      return new Outcome(scenario, title, figures, waits, used, exact, aims, warnings);
    }
  }
}
