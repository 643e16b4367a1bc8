package dev.portage.checkout;

import java.util.List;

/**
 * What one commit contains and another does not.
 *
 * @param ids full ids, the newest first
 * @param people who had a hand in them, each once
 * @param gaps what is not known of them, a line each
 */
public record CommitRange(List<String> ids, List<String> people, List<String> gaps) {

  public CommitRange {
    ids = List.copyOf(ids);
    people = List.copyOf(people);
    gaps = List.copyOf(gaps);
  }
}
