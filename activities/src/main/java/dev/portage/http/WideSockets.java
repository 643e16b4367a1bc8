package dev.portage.http;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import javax.net.SocketFactory;

/**
 * Sockets that move many bytes per system call. OkHttp reads and writes 8 KiB at a time, and each
 * takes a system call: a quarter of a million for two gigabytes. Flushed bytes are sent at once,
 * without waiting for the previous acknowledgement (Nagle).
 */
final class WideSockets extends SocketFactory {
  private static final int BUFFER_BYTES = 128 * 1024;

  @Override
  public Socket createSocket() {
    return new WideSocket();
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return connected(new InetSocketAddress(host, port));
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return connected(new InetSocketAddress(host, port));
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return connected(new InetSocketAddress(host, port));
  }

  @Override
  public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
      throws IOException {
    return connected(new InetSocketAddress(address, port));
  }

  private static Socket connected(InetSocketAddress address) throws IOException {
    Socket socket = new WideSocket();
    socket.connect(address);
    return socket;
  }

  private static final class WideSocket extends Socket {
    private InputStream in = InputStream.nullInputStream();
    private OutputStream out = OutputStream.nullOutputStream();
    private boolean open;

    private synchronized void open() throws IOException {
      if (!open) {
        setTcpNoDelay(true);
        in = new BufferedInputStream(super.getInputStream(), BUFFER_BYTES);
        out = new BufferedOutputStream(super.getOutputStream(), BUFFER_BYTES);
        open = true;
      }
    }

    @Override
    public InputStream getInputStream() throws IOException {
      open();
      return in;
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
      open();
      return out;
    }
  }
}
