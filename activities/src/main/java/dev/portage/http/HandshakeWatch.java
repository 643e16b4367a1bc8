package dev.portage.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.Handshake;
import okhttp3.Protocol;
import okio.AsyncTimeout;
import org.jspecify.annotations.Nullable;

/**
 * Ends a call whose TLS handshake falls silent. OkHttp gives a handshake the time of a first byte,
 * which a server that works on a large file may need minutes for; nobody works on a handshake.
 */
final class HandshakeWatch extends EventListener {
  private final AsyncTimeout timeout;
  private boolean entered;

  /**
   * For one call.
   *
   * @param longest that one handshake may take
   */
  HandshakeWatch(Call call, Duration longest) {
    timeout =
        new AsyncTimeout() {
          @Override
          protected void timedOut() {
            call.cancel();
          }
        };
    timeout.timeout(longest.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void secureConnectStart(Call call) {
    exit();
    timeout.enter();
    entered = true;
  }

  @Override
  public void secureConnectEnd(Call call, @Nullable Handshake handshake) {
    exit();
  }

  @Override
  public void connectFailed(
      Call call,
      InetSocketAddress address,
      Proxy proxy,
      @Nullable Protocol protocol,
      IOException problem) {
    exit();
  }

  private void exit() {
    if (entered) {
      entered = false;
      timeout.exit();
    }
  }
}
