package dev.parley.standalone;

import dev.parley.shared.config.ConfigException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// What `up` keeps, held by one `up` at a time: the operating system drops the lock when its holder
/// dies, in whatever way.
final class DataDirectory implements AutoCloseable {
  private final Path path;
  private final FileChannel channel;

  private DataDirectory(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /// Takes the directory, creating it.
  ///
  /// @throws ConfigException naming the process that holds it
  static DataDirectory hold(Path path) {
    var file = path.resolve("lock");
    try {
      Files.createDirectories(path);
      var channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      if (tryLock(channel) == null) {
        channel.close();
        throw new ConfigException(
            path
                + " is held by another `parley up` (process "
                + Files.readString(file).strip()
                + "): stop it, or choose another directory with --data.");
      }
      var pid = String.valueOf(ProcessHandle.current().pid());
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.UTF_8)));
      channel.force(true);
      return new DataDirectory(path.toRealPath(), channel);
    } catch (IOException e) {
      throw new ConfigException("The data directory cannot be used: " + e, e);
    }
  }

  Path path() {
    return path;
  }

  Path logs() {
    return path.resolve("logs");
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // Held within this very process, which is as much "held" as by another.
      return null;
    }
  }
}
