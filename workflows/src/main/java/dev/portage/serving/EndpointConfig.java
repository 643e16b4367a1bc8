package dev.portage.serving;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What an endpoint serves, and how its traffic is split.
 *
 * @param served every version on it, by name; empty where there is no endpoint
 */
public record EndpointConfig(List<Served> served) {

  /** There is no endpoint. */
  public static final EndpointConfig NONE = new EndpointConfig(List.of());

  private static final String FIELD = "\t";

  public EndpointConfig {
    served = served.stream().sorted(Comparator.comparing(Served::name)).toList();
  }

  /** Whether there is no endpoint. */
  @JsonIgnore
  public boolean isNone() {
    return served.isEmpty();
  }

  /** The one of that name. */
  public Optional<Served> named(String name) {
    return served.stream().filter(one -> one.name().equals(name)).findFirst();
  }

  /** The versions that get traffic. What is kept at 0 % is no part of what is live. */
  public EndpointConfig live() {
    return new EndpointConfig(served.stream().filter(one -> one.percent() > 0).toList());
  }

  /** The one with the most traffic; empty without an endpoint. */
  public Optional<Served> main() {
    return served.stream()
        .filter(one -> one.percent() > 0)
        .max(Comparator.comparing(Served::percent));
  }

  /** Whether both serve the same; definitions count only where both have one. */
  public boolean isLike(EndpointConfig other) {
    if (served.size() != other.served.size()) {
      return false;
    }
    for (int i = 0; i < served.size(); i++) {
      if (!served.get(i).isLike(other.served.get(i))) {
        return false;
      }
    }
    return true;
  }

  /**
   * The same with a share of the traffic for one version. The others divide the rest in the
   * proportion of the shares that they had.
   *
   * @param added added if it is not there yet
   */
  public EndpointConfig giving(Served added, int percent) {
    List<Served> others = served.stream().filter(one -> !one.name().equals(added.name())).toList();
    int had = others.stream().mapToInt(Served::percent).sum();
    int rest = 100 - percent;
    List<Served> all = new ArrayList<>();
    int given = 0;
    Served most = new EndpointConfig(others).main().orElse(null);
    for (Served one : others) {
      int share = had == 0 ? 0 : one.percent() * rest / had;
      if (!one.equals(most)) {
        given += share;
        all.add(one.at(share));
      }
    }
    if (most != null) {
      all.add(most.at(rest - given));
    }
    all.add(named(added.name()).orElse(added).at(most == null ? 100 : percent));
    return new EndpointConfig(all);
  }

  /** The same without one of them. */
  public EndpointConfig without(String name) {
    return new EndpointConfig(served.stream().filter(one -> !one.name().equals(name)).toList());
  }

  /** The same without what neither of these has. */
  public EndpointConfig onlyOf(EndpointConfig one, EndpointConfig other) {
    return new EndpointConfig(
        served.stream()
            .filter(
                each -> one.named(each.name()).isPresent() || other.named(each.name()).isPresent())
            .toList());
  }

  /** The versions that get traffic, and of those without traffic only the ones with these names. */
  public EndpointConfig keeping(List<String> names) {
    return new EndpointConfig(
        served.stream().filter(one -> one.percent() > 0 || names.contains(one.name())).toList());
  }

  /**
   * For people, beside another: {@link #text}, and what else differs where that says the same of
   * both, as after a change by hand.
   */
  public String textBeside(EndpointConfig other) {
    if (!text().equals(other.text()) || isLike(other)) {
      return text();
    }
    if (live().isLike(other.live())) {
      return text() + ", and other versions without traffic";
    }
    boolean same =
        live().served().stream()
            .allMatch(one ->
                other
                    .named(one.name())
                    .filter(known -> known.model().equalsIgnoreCase(one.model()))
                    .isPresent());
    return text()
        + (same
            ? ", with another size, environment or other setting"
            : ", under another name or of another model");
  }

  /** For people: "version 3" or "versions 3 (95 %) and 4 (5 %)". */
  public String text() {
    List<Served> live = live().served();
    if (live.isEmpty()) {
      return "nothing";
    }
    if (live.size() == 1) {
      Served one = live.getFirst();
      return one.version().isEmpty() ? one.name() : "version " + one.version();
    }
    return "versions "
        + live.stream()
            .sorted(Comparator.comparing(Served::percent).reversed())
            .map(one ->
                (one.version().isEmpty() ? one.name() : one.version())
                    + " ("
                    + one.percent()
                    + " %)")
            .collect(Collectors.joining(" and "));
  }

  /** As one value of a live thing's state. */
  public String written() {
    return served.stream()
        .map(one ->
            String.join(
                FIELD,
                one.name(),
                one.model(),
                one.version(),
                one.percent().toString(),
                one.definition() == null ? "" : one.definition()))
        .collect(Collectors.joining("\n"));
  }

  /** Reads what {@link #written} wrote; nothing for null. */
  public static EndpointConfig read(@Nullable String written) {
    if (written == null || written.isEmpty()) {
      return NONE;
    }
    List<Served> served = new ArrayList<>();
    for (String line : written.split("\n", -1)) {
      String[] parts = line.split(FIELD, -1);
      if (parts.length < 5) {
        throw new IllegalArgumentException("no served version: " + line);
      }
      served.add(
          new Served(
              parts[0],
              parts[1],
              parts[2],
              Integer.valueOf(parts[3]),
              parts[4].isEmpty() ? null : parts[4]));
    }
    return new EndpointConfig(served);
  }
}
