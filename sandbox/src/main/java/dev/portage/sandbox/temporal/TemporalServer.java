package dev.portage.sandbox.temporal;

import java.net.URI;
import java.util.Optional;

/** A Temporal server of this sandbox, with the search attributes of promotions. */
public interface TemporalServer extends AutoCloseable {

  /** Namespace of everything in the sandbox. */
  String NAMESPACE = "default";

  /** Host and port of its gRPC door. */
  String address();

  /** Its Web UI; none for the server inside this JVM. */
  Optional<URI> ui();

  /** Id of its process. */
  long pid();

  /** One line for people: what runs here, and what it lacks. */
  String says();

  @Override
  void close();
}
