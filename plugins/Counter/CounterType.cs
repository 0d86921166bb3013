using System.Globalization;
using System.Text;

namespace Wharf.Plugins.Counter;

/// <summary>A number that all its clients share. An empty message adds 1, a message with a whole decimal number adds that number, and all clients receive the new value.</summary>
public sealed class CounterType() : BidirectionalObjectType<CounterObject>("Counter")
{
    /// <inheritdoc/>
    public override ValueTask<object> CreateAsync(IObjectContext context, CancellationToken cancellationToken)
    {
        string start = context.Configuration["Start"] ?? "0";
        return long.TryParse(start, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
            ? ValueTask.FromResult<object>(new CounterObject(value))
            : throw new PluginException($"the counter's argument Start is '{start}', which is not a whole number");
    }

    /// <inheritdoc/>
    protected override ValueTask<IMessageHandler> ConnectAsync(CounterObject instance, IMessageStream stream, CancellationToken cancellationToken)
    {
        instance.Watch(stream);
        return ValueTask.FromResult<IMessageHandler>(new CounterHandler(instance, stream));
    }

    private sealed class CounterHandler(CounterObject counter, IMessageStream stream) : IMessageHandler
    {
        private const int LongestShown = 40;

        public ValueTask OnMessageAsync(ReceivedMessage message, CancellationToken cancellationToken)
        {
            counter.Add(message.Payload.IsEmpty ? 1 : Parse(message.Payload.Span));
            return ValueTask.CompletedTask;
        }

        public ValueTask OnClosedAsync(CloseReason reason, CancellationToken cancellationToken)
        {
            counter.Leave(stream);
            return ValueTask.CompletedTask;
        }

        private static long Parse(ReadOnlySpan<byte> text)
        {
            if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long amount))
                return amount;
            string shown = Encoding.UTF8.GetString(text[..Math.Min(text.Length, LongestShown)]);
            throw new PluginException($"a counter takes a whole decimal number of 64 bits or nothing, not '{shown}'{(text.Length > LongestShown ? "..." : "")}");
        }
    }
}
