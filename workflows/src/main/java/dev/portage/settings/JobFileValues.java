package dev.portage.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.TreeSet;

/**
 * Parameters of a job that bear the names of what a run is given. As in {@code batch.parameters},
 * they get it without a placeholder, unless the file says anywhere itself where values go: so an
 * exported job of that kind is used as it is.
 */
final class JobFileValues {

  private JobFileValues() {}

  /**
   * The settings with the placeholders that their parameters' names imply.
   *
   * @param notes takes which
   */
  static JsonNode byName(JsonNode settings, List<String> notes) {
    List<JobParameters.Value> values = JobParameters.in(settings);
    if (values.stream().anyMatch(one -> JobPlaces.has(one.value(), JobPlaces.GIVEN))) {
      return settings;
    }
    JsonNode filled = settings.deepCopy();
    TreeSet<String> names = new TreeSet<>();
    for (JobParameters.Value one : values) {
      if (JobPlaces.GIVEN.contains(one.name())) {
        int last = one.pointer().lastIndexOf('/');
        if (filled.at(one.pointer().substring(0, last)) instanceof ObjectNode holder) {
          holder.put(one.pointer().substring(last + 1), "{" + one.name() + "}");
          names.add(one.name());
        }
      }
    }
    if (!names.isEmpty()) {
      notes.add(
          (names.size() == 1 ? "parameter " : "parameters ")
              + String.join(", ", names)
              + " get"
              + (names.size() == 1 ? "s" : "")
              + " the values of each run, by name");
    }
    return filled;
  }
}
