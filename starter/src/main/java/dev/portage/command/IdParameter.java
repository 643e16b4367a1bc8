package dev.portage.command;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** The id that a command takes: what it may be of differs from command to command. */
interface IdParameter {

  /** As it was typed, null where none was. */
  @Nullable String typed();

  /** A promotion, or anything else that consists of steps. */
  final class OfAny implements IdParameter {
    @Parameters(
        arity = "0..1",
        paramLabel = "ID",
        description = {
          "A promotion, such as churn/0123456789ab; the beginning is enough, such as churn/01.",
          "Or the whole id of a rollback, such as rollback/prod/churn/1; of an adoption, such as"
              + " adopt/prod/churn; or of a watch, such as watch/prod/churn/3.",
          "Default: the newest promotion of this checkout."
        })
    private @Nullable String typed;

    @Override
    public @Nullable String typed() {
      return typed;
    }
  }

  /** What asks people: a promotion or a rollback. */
  final class OfAsking implements IdParameter {
    @Parameters(
        arity = "0..1",
        paramLabel = "ID",
        description = {
          "A promotion, such as churn/0123456789ab; the beginning is enough, such as churn/01.",
          "Or the whole id of a rollback, such as rollback/prod/churn/1.",
          "Default: the newest promotion of this checkout."
        })
    private @Nullable String typed;

    @Override
    public @Nullable String typed() {
      return typed;
    }
  }

  /** A promotion alone. */
  final class OfPromotion implements IdParameter {
    @Parameters(
        arity = "0..1",
        paramLabel = "ID",
        description = {
          "A promotion, such as churn/0123456789ab; the beginning is enough, such as churn/01.",
          "Default: the newest promotion of this checkout."
        })
    private @Nullable String typed;

    @Override
    public @Nullable String typed() {
      return typed;
    }
  }
}
