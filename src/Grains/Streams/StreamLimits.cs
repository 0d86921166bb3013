namespace Wharf.Grains.Streams;

/// <summary>The bounds of one stream's queues.</summary>
public sealed class StreamLimits
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Wharf:Streams";

    /// <summary>How many messages may wait for a client. Default 10 000.</summary>
    public int MaxMessages { get; set; } = 10_000;

    /// <summary>How many bytes may wait for a client. Default 8 MiB; one message up to <see cref="MaxMessageBytes"/> always fits.</summary>
    public long MaxBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>The longest message, its envelope included. Default 104 857 600 bytes, which official clients count on.</summary>
    public int MaxMessageBytes { get; set; } = 104_857_600;

    /// <summary>How long a stream continues without a call from its gateway before it ends as lost. Default 30 s; a gateway calls at least every 10 s.</summary>
    public TimeSpan GatewayTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long output waits for more before it is answered, while a batch is being handled. Default 2 ms.</summary>
    public TimeSpan OutputDelay { get; set; } = TimeSpan.FromMilliseconds(2);

    /// <summary>How much output is answered without waiting. Default 256 KiB.</summary>
    public int OutputBytes { get; set; } = 256 * 1024;
}
