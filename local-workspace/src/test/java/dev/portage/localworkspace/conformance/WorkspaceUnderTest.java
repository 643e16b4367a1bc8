package dev.portage.localworkspace.conformance;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.service.jobs.GitSource;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A workspace that is checked against the contract: local or real. */
interface WorkspaceUnderTest extends AutoCloseable {
  URI host();

  WorkspaceClient client();

  /** A repository with the contract's notebooks; null if the tester named none. */
  @Nullable GitSource code();

  /** The path of one of those notebooks. */
  String notebook(String name);

  /** A SQL warehouse; null if the tester named none. */
  @Nullable String warehouse();

  /** A schema to create models in, such as {@code main.ml}; null if the tester named none. */
  @Nullable String schema();

  /** A volume to write to, such as {@code main.default.data}; null if the tester named none. */
  @Nullable String volume();

  /** How long a run may take: a real workspace must first find machines. */
  Duration timeout();

  @Override
  void close();
}
