import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import org.agrona.concurrent.SleepingMillisIdleStrategy;

/** A Java media driver in DIR until its standard input ends. */
public final class Driver
{
    public static void main(final String[] args) throws Exception
    {
        final MediaDriver.Context context = new MediaDriver.Context()
            .aeronDirectoryName(args[0])
            .threadingMode(ThreadingMode.SHARED)
            .sharedIdleStrategy(new SleepingMillisIdleStrategy(1))
            .termBufferSparseFile(true)
            .dirDeleteOnShutdown(true);
        try (MediaDriver ignore = MediaDriver.launch(context))
        {
            System.out.println("ready");
            System.out.flush();
            while (System.in.read() >= 0)
            {
                continue;
            }
        }
    }
}
