namespace Wharf.Grains.Streams;

/// <summary>The bounds of one stream's queues.</summary>
public sealed class StreamLimits
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Wharf:Streams";

    /// <summary>The maximum number of messages that wait for a client. Default 10 000.</summary>
    public int MaxMessages { get; set; } = 10_000;

    /// <summary>The maximum number of bytes that wait for a client. Default 8 MiB; a message of up to <see cref="MaxMessageBytes"/> always fits.</summary>
    public long MaxBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>The maximum size of a message in bytes, including its envelope. Default 104 857 600 bytes, which official clients rely on.</summary>
    public int MaxMessageBytes { get; set; } = 104_857_600;

    /// <summary>The time without a call of the gateway after which a stream ends as lost. Default 30 s; a gateway calls at least every 10 s.</summary>
    public TimeSpan GatewayTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The time for which output is collected before it is returned, while a batch is being handled. Default 2 ms.</summary>
    public TimeSpan OutputDelay { get; set; } = TimeSpan.FromMilliseconds(2);

    /// <summary>The number of bytes of output that are returned without this delay. Default 256 KiB.</summary>
    public int OutputBytes { get; set; } = 256 * 1024;
}
