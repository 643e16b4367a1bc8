package dev.portage.approval;

import dev.portage.failure.Failures;
import io.temporal.api.common.v1.Payloads;
import io.temporal.common.converter.DataConverterException;
import io.temporal.common.converter.EncodedValues;
import io.temporal.common.converter.RawValue;
import io.temporal.failure.ApplicationFailure;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A message as it arrived. A typed handler silently drops a signal that it can't decode, and
 * rejects such an Update with a parser's message; read here, it can be refused with a reason.
 */
public final class RawMessage {

  /** Bytes of a payload that is decoded only to show it. */
  private static final int SHOWN = 16 * 1024;

  private RawMessage() {}

  /**
   * What an Update brought.
   *
   * @param sent null where it came without a payload
   */
  public static EncodedValues of(@Nullable RawValue sent) {
    return new EncodedValues(
        Optional.ofNullable(sent)
            .map(raw -> Payloads.newBuilder().addPayloads(raw.getPayload()).build()),
        dev.portage.temporal.Payloads.dataConverter());
  }

  /**
   * Reads the payload.
   *
   * @throws DataConverterException when it can't be read; none at all is as unreadable
   */
  public static <T> T read(EncodedValues arguments, Class<T> type) {
    @Nullable T message = arguments.getSize() == 0 ? null : arguments.get(0, type);
    if (message == null) {
      throw new DataConverterException("no payload");
    }
    return message;
  }

  /** What is shown of it. A large payload is described by its size alone, and not decoded. */
  public static String shown(EncodedValues arguments) {
    int bytes = arguments.toPayloads().map(all -> all.getSerializedSize()).orElse(0);
    if (bytes > SHOWN) {
      return "with a payload of " + bytes + " bytes";
    }
    try {
      return arguments.getSize() == 0
          ? "without a payload"
          : String.valueOf(arguments.get(0, Object.class));
    } catch (DataConverterException unreadable) {
      return "with a payload that is not JSON";
    }
  }

  /** The failure of an Update that is refused. */
  public static ApplicationFailure refusal(String why) {
    return Failures.withoutStack(ApplicationFailure.newNonRetryableFailure(why, "Refused"));
  }
}
