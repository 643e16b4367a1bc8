package dev.portage.webhook;

import dev.portage.http.Redaction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import okhttp3.HttpUrl;

/**
 * Address of a receiver. Its path and query are a password: whoever knows them can write where
 * people read. So no message repeats them, also where a server does.
 */
final class WebhookAddress {

  /** What an address may be, for messages. */
  static final String ALLOWED =
      "an https URL without user, password and fragment; http for a server on this machine only";

  private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "::1");

  /** Shorter parts of an address, as "services", are words that mean nothing. */
  private static final int SHORTEST_SECRET = 6;

  private final HttpUrl url;

  private WebhookAddress(HttpUrl url) {
    this.url = url;
  }

  /** Reads an address; empty where it is none that may be used. */
  static Optional<WebhookAddress> of(String text) {
    HttpUrl url = HttpUrl.parse(text);
    return url == null
            || !url.username().isEmpty()
            || !url.password().isEmpty()
            || url.fragment() != null
            || isLinkLocal(url.host())
            || !(url.isHttps() || THIS_MACHINE.contains(url.host()))
        ? Optional.empty()
        : Optional.of(new WebhookAddress(url));
  }

  /** As a number; names are looked at where they are resolved, by {@link NoLinkLocal}. */
  private static boolean isLinkLocal(String host) {
    return host.startsWith("169.254.") || host.matches("fe[89ab][0-9a-f]:.*");
  }

  HttpUrl url() {
    return url;
  }

  /** The address without what is secret in it. */
  HttpUrl withoutSecret() {
    return url.newBuilder().encodedPath("/").query(null).build();
  }

  /** A text of the server's without anything of the path and query that it may repeat. */
  String scrubbed(String text) {
    List<String> secrets = new ArrayList<>();
    secrets.add(url.toString());
    secrets.add(url.encodedPath());
    secrets.addAll(url.pathSegments());
    secrets.addAll(url.encodedPathSegments());
    if (url.encodedQuery() != null) {
      secrets.add(url.encodedQuery());
      for (int i = 0; i < url.querySize(); i++) {
        String value = url.queryParameterValue(i);
        secrets.add(value == null ? "" : value);
      }
    }
    String clean = text;
    for (String secret :
        secrets.stream()
            .filter(one -> one.length() >= SHORTEST_SECRET)
            .distinct()
            .sorted(Comparator.comparingInt(String::length).reversed())
            .toList()) {
      clean = clean.replace(secret, "…");
    }
    return Redaction.text(clean);
  }

  @Override
  public String toString() {
    return "(address)";
  }
}
