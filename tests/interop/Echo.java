import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.FragmentAssembler;
import io.aeron.Subscription;
import io.aeron.logbuffer.FragmentHandler;

/** A Java client that sends every message back: Echo DIR CHANNEL_IN STREAM_IN CHANNEL_OUT STREAM_OUT COUNT. */
public final class Echo
{
    public static void main(final String[] args)
    {
        final Aeron.Context context = new Aeron.Context().aeronDirectoryName(args[0]);
        try (Aeron aeron = Aeron.connect(context);
            Subscription in = aeron.addSubscription(args[1], Integer.parseInt(args[2]));
            ExclusivePublication out = aeron.addExclusivePublication(args[3], Integer.parseInt(args[4])))
        {
            final int count = Integer.parseInt(args[5]);
            final int[] echoed = {0};
            final FragmentHandler echo = new FragmentAssembler(
                (buffer, offset, length, header) ->
                {
                    while (out.offer(buffer, offset, length) < 0)
                    {
                        Thread.onSpinWait();
                    }
                    echoed[0]++;
                });
            System.out.println("ready");
            System.out.flush();
            final long deadlineNs = System.nanoTime() + 30_000_000_000L;
            while (echoed[0] < count && System.nanoTime() < deadlineNs)
            {
                if (0 == in.poll(echo, 10))
                {
                    Thread.yield();
                }
            }
            while (out.isConnected() && System.nanoTime() < deadlineNs)
            {
                Thread.yield();
            }
            System.out.println("echoed " + echoed[0]);
        }
    }
}
