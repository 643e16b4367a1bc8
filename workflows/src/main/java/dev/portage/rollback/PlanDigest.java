package dev.portage.rollback;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Collectors;

/** The SHA-256 of a plan, which decisions are bound to. Pure. */
final class PlanDigest {

  private PlanDigest() {}

  /** As 64 hexadecimal digits. */
  static String of(RollbackPlan plan) {
    String text =
        plan.workspace()
            + "\n"
            + plan.line()
            + "\n"
            + plan.actions().stream()
                .map(action ->
                    action.step()
                        + "\t"
                        + action.what()
                        + "\t"
                        + action.now()
                        + "\t"
                        + action.then())
                .collect(Collectors.joining("\n"));
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
