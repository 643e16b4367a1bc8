package dev.portage.secrets;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Reads the secrets that references name, anew each time: a rotated secret applies from the next
 * call. A missing secret is a user error that names the reference and never a value.
 */
public final class Secrets {

  /** No login is longer; a longer file is not one. */
  private static final long MAX_BYTES = 16 * 1024;

  private static final String IN_A_FILE =
      "Write the login into that file, on one line, readable only by the worker.";

  private final Path folder;
  private final Environment environment;
  private final KeyVault keyVault;

  /** Variables of the environment by name, null where there is none; {@code System::getenv}. */
  @FunctionalInterface
  public interface Environment {
    @Nullable String variable(String name);
  }

  /**
   * Reads from the given places.
   *
   * @param folder folder of the platform file, to which {@code file:} references are relative
   */
  public Secrets(Path folder, Environment environment, KeyVault keyVault) {
    this.folder = folder;
    this.environment = environment;
    this.keyVault = keyVault;
  }

  /** A token as it is now. */
  public Secret read(SecretReference reference) {
    return read(reference, Secrets::token);
  }

  /** A user's name or password as it is now: one line of any letters. */
  public Secret readLine(SecretReference reference) {
    return read(reference, Secrets::line);
  }

  /** A variable of the worker's environment, null where it is not set or empty. */
  public @Nullable String variable(String name) {
    String value = found(name);
    return value == null || value.isBlank() ? null : value.strip();
  }

  /**
   * What is no secret and may be kept like one, as {@code env:ARM_CLIENT_ID}.
   *
   * @param written a reference, or the value itself
   */
  public String value(String written) {
    return SecretReference.parse(written)
        .map(reference -> readLine(reference).reveal())
        .orElse(written);
  }

  /**
   * A certificate as it is now: the bytes of a file, or the text of a variable or of a vault.
   *
   * @throws ApplicationFailure the user's, when there is none
   */
  public byte[] readBytes(SecretReference reference) {
    return switch (reference) {
      case SecretReference.SecretFile file -> bytes(file);
      default -> read(reference, (_, text) -> Secret.of(text)).reveal().getBytes(UTF_8);
    };
  }

  /** Reads anew what is kept for a while, since a server has refused it. */
  public void forgetKept() {
    keyVault.forgetKept();
  }

  private Secret read(
      SecretReference reference, BiFunction<SecretReference, String, Secret> taken) {
    return switch (reference) {
      case SecretReference.EnvironmentVariable variable -> fromEnvironment(variable, taken);
      case SecretReference.SecretFile file -> fromFile(file, taken);
      case SecretReference.VaultSecret secret ->
          taken.apply(secret, keyVault.read(secret).reveal());
    };
  }

  private Secret fromEnvironment(
      SecretReference.EnvironmentVariable reference,
      BiFunction<SecretReference, String, Secret> taken) {
    String value = found(reference.name());
    if (value == null || value.isBlank()) {
      String state = value == null ? " is not set" : " is empty";
      throw lack(
          reference,
          "the environment variable " + reference.name() + state + " where the worker runs",
          "Set it and restart the worker.");
    }
    return taken.apply(reference, value);
  }

  /** Azure Pipelines hands a variable to a process by its name in capitals, hyphens and all. */
  private @Nullable String found(String name) {
    String value = environment.variable(name);
    return value == null ? environment.variable(name.toUpperCase(Locale.ROOT)) : value;
  }

  private Secret fromFile(
      SecretReference.SecretFile reference, BiFunction<SecretReference, String, Secret> taken) {
    try {
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes(reference))).toString();
      if (text.isBlank()) {
        throw lack(reference, fileOf(reference) + " is empty", IN_A_FILE);
      }
      return taken.apply(reference, text);
    } catch (CharacterCodingException binary) {
      throw lack(reference, fileOf(reference) + " is not text", IN_A_FILE);
    }
  }

  private Path fileOf(SecretReference.SecretFile reference) {
    return folder.resolve(reference.path()).normalize();
  }

  private byte[] bytes(SecretReference.SecretFile reference) {
    Path file = fileOf(reference);
    try {
      if (!Files.isRegularFile(file)) {
        throw lack(
            reference, Files.exists(file) ? file + " is not a file" : "no file " + file, IN_A_FILE);
      }
      if (Files.size(file) > MAX_BYTES) {
        throw lack(reference, file + " is longer than any login", IN_A_FILE);
      }
      return Files.readAllBytes(file);
    } catch (AccessDeniedException refused) {
      throw lack(reference, "the worker may not read " + file, IN_A_FILE);
    } catch (NoSuchFileException gone) {
      throw lack(reference, "no file " + file, IN_A_FILE);
    } catch (IOException unread) {
      throw lack(
          reference,
          file + " can't be read (" + unread.getClass().getSimpleName() + ")",
          IN_A_FILE);
    }
  }

  /**
   * A token goes into a header: a line break in it would be two headers, or an exception that shows
   * it.
   */
  private static Secret token(SecretReference reference, String text) {
    String value = text.strip();
    if (!value.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw lack(
          reference,
          "it contains a space, a line break or a non-ASCII character",
          "Store only the login, on one line.");
    }
    return Secret.of(value);
  }

  /** The break at its end is the file's; blanks are the password's own. */
  private static Secret line(SecretReference reference, String text) {
    String value = text.replaceFirst("\\R$", "");
    if (value.chars().anyMatch(c -> Character.isISOControl(c))) {
      throw lack(
          reference, "it has more than one line", "Store only the name or password, on one line.");
    }
    return Secret.of(value);
  }

  private static ApplicationFailure lack(
      SecretReference reference, String cameBack, String remedy) {
    return Failures.of(
        Problem.of(
            FailureKind.USER,
            "read the secret " + reference.text(),
            "this worker",
            cameBack,
            remedy));
  }
}
