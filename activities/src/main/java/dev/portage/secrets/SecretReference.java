package dev.portage.secrets;

import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Names a secret without being one, so it may appear in a file, a message or a log. */
public sealed interface SecretReference {

  /** What a reference looks like, for messages. */
  String FORMS = "env:NAME, file:PATH or keyvault:VAULT/NAME[/VERSION]";

  /** The reference as written in the platform file. */
  String text();

  /**
   * An environment variable of the worker.
   *
   * @param name its name
   */
  record EnvironmentVariable(String name) implements SecretReference {
    @Override
    public String text() {
      return "env:" + name;
    }
  }

  /**
   * A file of one line.
   *
   * @param path absolute, or relative to the platform file
   */
  record SecretFile(String path) implements SecretReference {
    @Override
    public String text() {
      return "file:" + path;
    }
  }

  /**
   * A secret of an Azure Key Vault.
   *
   * @param vault name of the vault
   * @param name name of the secret
   * @param version version of the secret, null for the current one
   */
  record VaultSecret(String vault, String name, @Nullable String version)
      implements SecretReference {
    @Override
    public String text() {
      return "keyvault:" + vault + "/" + name + (version == null ? "" : "/" + version);
    }
  }

  /**
   * Reads a reference. Empty when the text is none: it may then be a secret itself, so the caller
   * must not repeat it.
   */
  static Optional<SecretReference> parse(String text) {
    Matcher variable = Forms.ENVIRONMENT.matcher(text);
    if (variable.matches()) {
      return Optional.of(new EnvironmentVariable(Forms.group(variable, 1)));
    }
    Matcher vault = Forms.KEY_VAULT.matcher(text);
    if (vault.matches()) {
      return Optional.of(
          new VaultSecret(Forms.group(vault, 1), Forms.group(vault, 2), vault.group(3)));
    }
    Matcher file = Forms.FILE.matcher(text);
    return file.matches() ? Optional.of(new SecretFile(Forms.group(file, 1))) : Optional.empty();
  }

  /** The forms; names of vaults and secrets as Key Vault itself allows them. */
  final class Forms {
    private static final Pattern ENVIRONMENT = Pattern.compile("env:([A-Za-z_][A-Za-z0-9_-]*)");
    private static final Pattern FILE = Pattern.compile("file:(?://(?=/))?([^\\s].*)");
    private static final Pattern KEY_VAULT =
        Pattern.compile(
            "keyvault:([A-Za-z][A-Za-z0-9-]{2,23})/([A-Za-z0-9-]{1,127})(?:/([A-Za-z0-9]+))?");

    private Forms() {}

    private static String group(Matcher matched, int number) {
      return Objects.requireNonNull(matched.group(number), "a group that always takes part");
    }
  }
}
