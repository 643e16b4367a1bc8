package dev.portage.identity;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Who made what a promotion brings along in addition to its own commit, as far as the checkout that
 * started it knows: the commit that a model trained elsewhere comes from, and all commits since the
 * live ones.
 *
 * @param people who had a hand in it, in addition to those of the promotion's own commit; each once
 * @param commits first digits of the commits whose people are known; newest first
 * @param live commit of the champion that was live at the start, by workspace; without an entry
 *     where there was none or its commit is not known
 * @param gaps what is not known of who made it, a line each
 * @param named whether who started it said who made the model
 */
public record Authorship(
    List<Involved> people,
    List<String> commits,
    Map<String, String> live,
    List<String> gaps,
    Boolean named) {

  /** Digits of a commit's id that are kept. */
  public static final int DIGITS = 12;

  /** An id with fewer names too many commits. */
  private static final int FEWEST_DIGITS = 7;

  public Authorship {
    people = List.copyOf(people);
    commits = List.copyOf(commits);
    live = Map.copyOf(live);
    gaps = List.copyOf(gaps);
  }

  /** Whether the people of a commit are all among those who are known. */
  public boolean covers(String commit) {
    return isOneOf(commit, commits) || isOneOf(commit, live.values());
  }

  /** Whether an id, which may be shortened, is one of these. */
  static boolean isOneOf(String commit, Iterable<String> ids) {
    String wanted = commit.toLowerCase(Locale.ROOT);
    if (wanted.length() < FEWEST_DIGITS) {
      return false;
    }
    for (String id : ids) {
      if (id.length() >= FEWEST_DIGITS && (id.startsWith(wanted) || wanted.startsWith(id))) {
        return true;
      }
    }
    return false;
  }

  /** The same with more that is not known. */
  public Authorship lacking(List<String> more) {
    List<String> all = new ArrayList<>(gaps);
    all.addAll(more);
    return new Authorship(people, commits, live, all, named);
  }
}
