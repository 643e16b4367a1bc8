package dev.portage.kind;

import dev.portage.platform.Kinds;
import java.util.List;

/** The list of workspace kinds. */
public final class KnownKinds {

  private static final Kinds ALL = new Kinds(List.of(new MlflowKind(), new DatabricksKind()));

  private KnownKinds() {}

  /** Every kind of this release. */
  public static Kinds all() {
    return ALL;
  }
}
