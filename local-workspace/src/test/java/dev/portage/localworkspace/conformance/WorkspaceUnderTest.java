package dev.portage.localworkspace.conformance;

import com.databricks.sdk.WorkspaceClient;
import com.databricks.sdk.service.jobs.GitSource;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A workspace that the contract is held against: a local one, or a real one. */
interface WorkspaceUnderTest extends AutoCloseable {
  URI host();

  WorkspaceClient client();

  /** A repository with the notebooks of the contract; null where the tester has named none. */
  @Nullable GitSource code();

  /** The path of one of those notebooks. */
  String notebook(String name);

  /** A SQL warehouse; null where the tester has named none. */
  @Nullable String warehouse();

  /** A schema to make models in, such as {@code main.ml}; null where the tester has named none. */
  @Nullable String schema();

  /**
   * A volume to write to, such as {@code main.default.data}; null where the tester has named none.
   */
  @Nullable String volume();

  /** How long a run may take: a real workspace must find machines first. */
  Duration timeout();

  @Override
  void close();
}
