package dev.portage.identity;

import dev.portage.identity.Involved.Hand;
import dev.portage.text.Bounded;
import dev.portage.tracking.Making;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who made a model that a promotion did not train itself, according to its run and version.
 *
 * @param people who ran it
 * @param gaps what is not known, a line each
 * @param known whether someone who made it is known; if nobody is, one approval is not enough,
 *     since it may be the maker's
 */
public record Makers(List<Involved> people, List<String> gaps, boolean known) {

  /** An application's id, as of Databricks' service principals. */
  private static final Pattern APPLICATION =
      Pattern.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", Pattern.CASE_INSENSITIVE);

  public Makers {
    people = List.copyOf(people);
    gaps = List.copyOf(gaps);
  }

  /**
   * Whether a promotion has to ask who made its model: it was trained elsewhere, or the notebook
   * returned a run that is not this job's or names another commit.
   *
   * @param commit the promotion's own, null where the model was trained elsewhere
   */
  public static boolean areAsked(Making making, @Nullable String commit) {
    return commit == null || !making.ofJob() || !otherThan(commit, making.commits()).isEmpty();
  }

  /**
   * Reads what run and version say.
   *
   * @param commit the promotion's own, whose people are known; null where the model was trained
   *     elsewhere
   * @param authorship what was known at the start, null if it was not checked
   */
  public static Makers of(Making making, @Nullable String commit, @Nullable Authorship authorship) {
    List<Involved> people =
        making.users().stream()
            .filter(user -> !APPLICATION.matcher(user).matches() && NameFault.of(user).isEmpty())
            .map(user -> new Involved(Hand.TRAINED, user))
            .toList();
    List<String> unknown =
        otherThan(commit, making.commits()).stream()
            .filter(other -> authorship == null || !Authorship.isOneOf(other, authorship.commits()))
            .toList();
    List<String> gaps = new ArrayList<>();
    for (String other : unknown) {
      gaps.add(
          "the people behind commit "
              + shown(other)
              + ", which the model was trained from, are unknown: the checkout that started this promotion lacks some of its history");
    }
    List<String> addresses = people.stream().map(Involved::name).filter(Makers::isAddress).toList();
    boolean silent = making.commits().isEmpty();
    if (silent && commit != null) {
      gaps.add(
          "the run that the notebook returned doesn't show whether the notebook's job created it, or from which commit");
    } else if (silent && addresses.isEmpty()) {
      gaps.add("nobody knows who made the model: its run names no commit and no person");
    } else if (silent) {
      gaps.add(
          "only its run says who made the model, and it names no commit: "
              + String.join(", ", addresses));
    }
    // The notebook that returned a silent run is of a commit whose people are known.
    boolean told = silent ? commit != null || !addresses.isEmpty() : unknown.isEmpty();
    boolean known = told || (authorship != null && authorship.named());
    return new Makers(people, gaps, known);
  }

  private static List<String> otherThan(@Nullable String own, List<String> commits) {
    return commits.stream()
        .filter(commit -> own == null || !Authorship.isOneOf(commit, List.of(own)))
        .toList();
  }

  private static String shown(String commit) {
    return Bounded.line(
        commit.length() > Authorship.DIGITS ? commit.substring(0, Authorship.DIGITS) : commit,
        Authorship.DIGITS + 1);
  }

  private static boolean isAddress(String name) {
    return PersonName.compared(name).contains("@");
  }
}
