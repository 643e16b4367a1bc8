package dev.portage.keyvault;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.http.Attempt;
import dev.portage.http.Credential;
import dev.portage.http.ErrorTable;
import dev.portage.http.HttpAnswer;
import dev.portage.http.OutboundHttp;
import dev.portage.login.Credentials;
import dev.portage.login.LoginSettings;
import dev.portage.secrets.KeyVault;
import dev.portage.secrets.Secret;
import dev.portage.secrets.SecretReference.VaultSecret;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import okhttp3.HttpUrl;
import okhttp3.Request;

/**
 * Azure Key Vault, over its one call (<a
 * href="https://learn.microsoft.com/en-us/rest/api/keyvault/secrets/get-secret/get-secret">Get
 * Secret</a>). A value is kept for a minute, since it is needed at each request to a workspace; or
 * until a server refuses a login. While the vault doesn't respond, the last value is used.
 */
public final class AzureKeyVault implements KeyVault {
  private static final Duration KEPT = Duration.ofMinutes(1);

  /** So long after it was read, a value is used without a response of the vault. */
  private static final Duration LONGEST = Duration.ofHours(1);

  private static final String API = "7.4";

  private final Supplier<VaultSettings> settings;
  private final BiFunction<LoginSettings.OfEntra, String, Credential> credentials;
  private final OutboundHttp http;
  private final InstantSource clock;
  private final BiFunction<String, String, HttpUrl> addresses;
  private final ConcurrentMap<Key, Kept> kept = new ConcurrentHashMap<>();

  /** Names of vaults that there are. */
  private final Set<String> answered = ConcurrentHashMap.newKeySet();

  private record Key(VaultSettings settings, VaultSecret reference) {}

  /**
   * A value.
   *
   * @param until when it is read again
   */
  private record Kept(Secret secret, Instant read, Instant until) {}

  /**
   * Vaults as the platform file has them now.
   *
   * @param credentials whose own secrets are in no vault
   */
  public AzureKeyVault(
      Supplier<VaultSettings> settings, Credentials credentials, OutboundHttp http) {
    this(settings, credentials::of, http, InstantSource.system(), AzureKeyVault::address);
  }

  /**
   * As {@link #AzureKeyVault(Supplier, Credentials, OutboundHttp)}.
   *
   * @param credentials by login and scope
   * @param clock by which a kept value is old
   * @param addresses address of a vault by its name and the suffix
   */
  AzureKeyVault(
      Supplier<VaultSettings> settings,
      BiFunction<LoginSettings.OfEntra, String, Credential> credentials,
      OutboundHttp http,
      InstantSource clock,
      BiFunction<String, String, HttpUrl> addresses) {
    this.settings = settings;
    this.credentials = credentials;
    this.http = http;
    this.clock = clock;
    this.addresses = addresses;
  }

  private static HttpUrl address(String vault, String suffix) {
    return Objects.requireNonNull(
        HttpUrl.parse("https://" + vault + "." + suffix), "both were checked");
  }

  @Override
  public Secret read(VaultSecret reference) {
    VaultSettings now = settings.get();
    Key key = new Key(now, reference);
    Kept before = kept.get(key);
    if (before != null && clock.instant().isBefore(before.until())) {
      return before.secret();
    }
    Secret secret;
    Instant read;
    try {
      secret = ask(now, reference);
      read = clock.instant();
    } catch (ApplicationFailure failure) {
      if (before == null || !isBridged(before, failure)) {
        throw failure;
      }
      secret = before.secret();
      read = before.read();
    }
    kept.put(key, new Kept(secret, read, clock.instant().plus(KEPT)));
    return secret;
  }

  /** Whether the last value is used in place of an answer. */
  private boolean isBridged(Kept before, ApplicationFailure failure) {
    return failure.getType().equals(FailureKind.PLATFORM.type())
        && clock.instant().isBefore(before.read().plus(LONGEST));
  }

  @Override
  public void forgetKept() {
    kept.clear();
  }

  private Secret ask(VaultSettings now, VaultSecret reference) {
    Attempt attempt =
        new Attempt("read the secret " + reference.text(), "key vault " + reference.vault());
    Credential credential = credentials.apply(now.login(), "https://" + now.suffix() + "/.default");
    HttpUrl.Builder url =
        addresses
            .apply(reference.vault(), now.suffix())
            .newBuilder()
            .addPathSegment("secrets")
            .addPathSegment(reference.name());
    if (reference.version() != null) {
      url.addPathSegment(reference.version());
    }
    Request request =
        credential
            .sign(
                new Request.Builder()
                    .url(url.addQueryParameter("api-version", API).build())
                    .header("User-Agent", "portage"))
            .build();
    ErrorTable errors = errors(now, reference);
    HttpAnswer answer = http.ask(attempt, errors, request);
    answered.add(reference.vault());
    if (!answer.isSuccess()) {
      throw errors.failure(attempt, request, answer);
    }
    JsonNode value = answer.json().path("value");
    if (!value.isTextual() || value.asText().isBlank()) {
      throw Failures.of(
          Problem.of(
              FailureKind.USER,
              attempt.tried(),
              attempt.where(),
              value.isTextual() ? "its value is empty" : "the response has no value",
              "Store the login in it: az keyvault secret set --vault-name "
                  + reference.vault()
                  + " --name "
                  + reference.name()
                  + " --file FILE"));
    }
    return Secret.of(value.asText());
  }

  /**
   * Its table. A vault whose name can't be resolved doesn't exist, as far as this worker can tell;
   * one that has answered before does, and the lack is the network's.
   */
  private ErrorTable errors(VaultSettings now, VaultSecret reference) {
    String who = now.login().text();
    ErrorTable.Builder table = ErrorTable.builder();
    if (!answered.contains(reference.vault())) {
      table.noSuchHost(
          FailureKind.USER,
          "There is no vault "
              + reference.vault()
              + " as far as the worker can see: correct the reference in the platform file; a vault"
              + " with a private endpoint needs its private DNS zone where the worker runs.");
    }
    return table
        .status(
            401,
            FailureKind.USER,
            "The vault doesn't accept " + who + ": it has to be of the vault's own tenant.")
        .status(
            403,
            FailureKind.USER,
            "The owner of the vault can let "
                + who
                + " read it: az role assignment create --role \"Key Vault Secrets User\""
                + " --assignee <its object id> --scope $(az keyvault show --name "
                + reference.vault()
                + " --query id -o tsv); and its firewall must let the worker in.")
        .status(
            404,
            FailureKind.USER,
            "Create it: az keyvault secret set --vault-name "
                + reference.vault()
                + " --name "
                + reference.name()
                + " --file FILE; or correct the reference in the platform file.")
        .build();
  }
}
