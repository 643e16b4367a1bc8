package dev.portage.checkout;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Azure Repos answers about an address, by its error codes. */
public final class AzureRepos {

  private static final Pattern NO_PROJECT =
      Pattern.compile("TF200016: The following project does not exist: ([^\\r\\n]{1,200}?)\\. ");

  private static final Pattern NO_REPOSITORY =
      Pattern.compile("TF401019: The Git repository with name or identifier (\\S{1,200}) ");

  private AzureRepos() {}

  /** Something that is missing there. */
  public sealed interface Lack {

    /** The project, which Azure DevOps tells only those who may see the organization. */
    record Project(String name) implements Lack {}

    /** The repository; or this login may not see it, and another one might. */
    record Repository(String name) implements Lack {}
  }

  /**
   * What is missing according to git's error. Any other answer, such as that a login is needed,
   * says nothing.
   */
  static Optional<Lack> lack(String trouble) {
    return first(NO_PROJECT, trouble)
        .<Lack>map(Lack.Project::new)
        .or(() -> first(NO_REPOSITORY, trouble).map(Lack.Repository::new));
  }

  private static Optional<String> first(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? Optional.ofNullable(matcher.group(1)) : Optional.empty();
  }
}
