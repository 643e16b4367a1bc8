package dev.portage.start;

import dev.portage.azuredevops.Pipeline;
import dev.portage.checkout.Checkout;
import dev.portage.identity.NameFault;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who types the command: the first that is known of {@code --by}, {@code PORTAGE_USER}, whom the
 * pipeline runs for, git's {@code user.email}, and the system's user.
 */
public final class Person {

  private Person() {}

  /**
   * The person's name or mail address.
   *
   * @param claimed what they say, null when nothing
   * @param folder where the command runs
   */
  public static String of(@Nullable String claimed, Map<String, String> environment, Path folder) {
    if (claimed != null && claimed.isBlank()) {
      throw new StartException(
          "--by names nobody; say who you are, as in --by you@example.com, or leave it out");
    }
    String name =
        said(claimed)
            .or(() -> said(environment.get("PORTAGE_USER")))
            .or(() -> Pipeline.of(environment).flatMap(Pipeline::requestedFor))
            .or(() -> Checkout.around(folder).flatMap(Checkout::userEmail))
            .or(() -> said(environment.get("USER")))
            .or(() -> said(environment.get("USERNAME")))
            .orElseThrow(() -> new StartException("can't tell who you are; use --by NAME"));
    NameFault.of(name)
        .ifPresent(fault -> {
          throw new StartException("can't tell who you are: " + fault + "; use --by");
        });
    return name;
  }

  private static Optional<String> said(@Nullable String name) {
    return Optional.ofNullable(name).map(String::strip).filter(text -> !text.isEmpty());
  }
}
