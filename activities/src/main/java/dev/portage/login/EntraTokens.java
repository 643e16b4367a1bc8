package dev.portage.login;

import com.azure.core.credential.TokenCredential;
import com.azure.core.credential.TokenRequestContext;
import com.azure.core.http.policy.FixedDelayOptions;
import com.azure.core.http.policy.RetryOptions;
import com.azure.core.http.policy.RetryPolicy;
import com.azure.identity.AadCredentialBuilderBase;
import com.azure.identity.ClientAssertionCredentialBuilder;
import com.azure.identity.ClientCertificateCredentialBuilder;
import com.azure.identity.ClientSecretCredentialBuilder;
import com.azure.identity.ManagedIdentityCredentialBuilder;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.http.HttpAnswer;
import dev.portage.http.Redaction;
import dev.portage.secrets.Secret;
import dev.portage.secrets.SecretReference;
import dev.portage.secrets.Secrets;
import dev.portage.text.Bounded;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Base64;
import java.util.function.Supplier;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Tokens of Microsoft Entra for one resource. Azure's library requests them; it is set up anew for
 * each, so that a rotated secret applies and no refused token comes out of its own cache.
 */
final class EntraTokens implements TokenSource {

  /** Where a cluster with workload identity puts a pod's token, and what it is for. */
  private static final String POD_TOKEN = "AZURE_FEDERATED_TOKEN_FILE";

  private static final String EXCHANGE = "api://AzureADTokenExchange";

  private static final RetryOptions NO_RETRIES =
      new RetryOptions(new FixedDelayOptions(0, Duration.ofMillis(1)));

  private static final int TOO_MANY = 429;
  private static final int SERVER_ERRORS = 500;

  private final LoginSettings.OfEntra settings;
  private final String scope;
  private final Secrets secrets;
  private final IdTokens idTokens;
  private final AzureHttp http;

  /**
   * Tokens for a resource.
   *
   * @param scope such as {@code https://vault.azure.net/.default}
   */
  EntraTokens(
      LoginSettings.OfEntra settings,
      String scope,
      Secrets secrets,
      IdTokens idTokens,
      AzureHttp http) {
    this.settings = settings;
    this.scope = scope;
    this.secrets = secrets;
    this.idTokens = idTokens;
    this.http = http;
  }

  @Override
  public AccessToken issue() {
    AzureHttp once = http.once();
    TokenCredential credential = credential(once);
    com.azure.core.credential.AccessToken token;
    try {
      token = credential.getTokenSync(new TokenRequestContext().addScopes(scope));
    } catch (RuntimeException e) {
      throw failure(e, once.refusal());
    }
    return new AccessToken(token.getToken(), token.getExpiresAt().toInstant());
  }

  private TokenCredential credential(AzureHttp way) {
    return switch (settings) {
      case LoginSettings.EntraSecret(var tenant, var client, var secret) ->
          of(new ClientSecretCredentialBuilder(), way, tenant, client)
              .clientSecret(secrets.read(secret).reveal())
              .build();
      case LoginSettings.EntraCertificate certificate -> certified(way, certificate);
      case LoginSettings.EntraFederation(var tenant, var client, var idToken) ->
          asserted(way, tenant, client, idTokens.read(idToken, EXCHANGE));
      case LoginSettings.ManagedIdentity(var client) -> {
        String file = secrets.variable(POD_TOKEN);
        yield file == null
            ? managed(way, client)
            : asserted(
                way,
                "env:AZURE_TENANT_ID",
                client == null ? "env:AZURE_CLIENT_ID" : client,
                secrets.read(new SecretReference.SecretFile(file)));
      }
    };
  }

  private TokenCredential managed(AzureHttp way, @Nullable String client) {
    ManagedIdentityCredentialBuilder builder =
        new ManagedIdentityCredentialBuilder()
            .httpClient(way)
            // It has a policy of its own, which options don't replace.
            .retryPolicy(new RetryPolicy(NO_RETRIES));
    return client == null ? builder.build() : builder.clientId(secrets.value(client)).build();
  }

  private TokenCredential asserted(AzureHttp way, String tenant, String client, Secret assertion) {
    Supplier<String> value = assertion::reveal;
    return of(new ClientAssertionCredentialBuilder(), way, tenant, client)
        .clientAssertion(value)
        .build();
  }

  private TokenCredential certified(AzureHttp way, LoginSettings.EntraCertificate login) {
    return LoginCertificate.read(secrets, login)
        .addTo(of(new ClientCertificateCredentialBuilder(), way, login.tenant(), login.clientId()))
        .build();
  }

  private <B extends AadCredentialBuilderBase<B>> B of(
      B builder, AzureHttp way, String tenant, String client) {
    builder
        .tenantId(secrets.value(tenant))
        .clientId(secrets.value(client))
        .httpClient(way)
        .retryOptions(NO_RETRIES);
    String authority = secrets.variable("AZURE_AUTHORITY_HOST");
    return authority == null
        ? builder
        : builder.authorityHost(authority).disableInstanceDiscovery();
  }

  private ApplicationFailure failure(RuntimeException e, AzureHttp.@Nullable Refusal refusal) {
    if (refusal == null && isCausedBy(CertificateException.class, e)) {
      return failure(
          FailureKind.USER,
          "the certificate of its server is not trusted",
          "Set PORTAGE_CA_FILE to a file with its certificate authority where the worker runs.");
    }
    if (isCausedBy(InterruptedException.class, e)) {
      return failure(FailureKind.PLATFORM, "the worker stops", "Another worker repeats it.");
    }
    Throwable last = e;
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof ApplicationFailure ours) {
        return ours;
      }
      if (cause instanceof IOException silence && refusal == null) {
        return failure(FailureKind.PLATFORM, "no answer: " + said(silence), whereAzureIs());
      }
      last = cause;
    }
    if (refusal == null) {
      return failure(FailureKind.USER, said(last), wrong());
    }
    boolean passes = refusal.status() == TOO_MANY || refusal.status() >= SERVER_ERRORS;
    return failure(
        passes ? FailureKind.PLATFORM : FailureKind.USER,
        refusal.status() + ": " + said(refusal),
        passes ? "Portage retries; if it persists, see the status page of Azure." : wrong());
  }

  private static boolean isCausedBy(Class<? extends Throwable> type, Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }

  private ApplicationFailure failure(FailureKind kind, String cameBack, String remedy) {
    return Failures.of(
        Problem.of(kind, "log in with " + settings.text(), "Microsoft Entra", cameBack, remedy));
  }

  private static String said(Throwable e) {
    return line(String.valueOf(e.getMessage()));
  }

  /** Its words, without what was sent: a server may repeat it. */
  private String said(AzureHttp.Refusal refusal) {
    String words = new HttpAnswer(refusal.status(), Headers.EMPTY, refusal.body()).message();
    return line(words.replace(lastingSecret(), "…"));
  }

  /** The first line: what follows are ids of the request, and pages of advice. */
  private static String line(String text) {
    return Bounded.line(Redaction.text(text).lines().findFirst().orElse(""), Bounded.LINE);
  }

  private String whereAzureIs() {
    return settings instanceof LoginSettings.ManagedIdentity
        ? "Does the worker run in Azure, with an identity assigned? Elsewhere give the workspace"
            + " another login. Portage retries."
        : "Portage retries; if it persists, check the network and the proxy of the worker.";
  }

  private String wrong() {
    return switch (settings) {
      case LoginSettings.EntraSecret(_, var client, var secret) ->
          "The tenant, the client id or its secret is wrong or expired: az ad app credential reset"
              + " --append --id "
              + client
              + ", and put the password at "
              + secret.text()
              + ".";
      case LoginSettings.EntraCertificate(_, var client, var certificate, _) ->
          "Entra doesn't know the certificate for this client id, or it has expired: az ad app"
              + " credential reset --append --id "
              + client
              + " --cert @cert.pem, with the certificate at "
              + certificate.text()
              + ".";
      case LoginSettings.EntraFederation(_, var client, _) ->
          "Compare issuer, subject and audience of the token with the federated credential: az ad"
              + " app federated-credential list --id "
              + client
              + ".";
      case LoginSettings.ManagedIdentity _ ->
          "Assign an identity to where the worker runs (az vm identity assign, az containerapp"
              + " identity assign), or give the workspace another login.";
    };
  }

  @Override
  public String lastingSecret() {
    return switch (settings) {
      case LoginSettings.EntraSecret(_, _, var secret) -> secrets.read(secret).reveal();
      case LoginSettings.EntraCertificate(_, _, var certificate, _) ->
          Base64.getEncoder().encodeToString(secrets.readBytes(certificate));
      case LoginSettings.EntraFederation _, LoginSettings.ManagedIdentity _ -> ProcessKey.value();
    };
  }

  @Override
  public void read() {
    switch (settings) {
      case LoginSettings.EntraFederation(_, _, var idToken) -> idTokens.look(idToken);
      // Setting one up calls nobody, and reads all that it is made of.
      default -> credential(http);
    }
  }

  @Override
  public String remedy() {
    return "Entra issued the token and the server refuses it: add "
        + settings.text()
        + " to the workspace as a service principal, by its client id.";
  }
}
