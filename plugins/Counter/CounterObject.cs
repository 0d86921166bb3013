using System.Globalization;
using System.Text;

namespace Wharf.Plugins.Counter;

/// <summary>A number and the streams that watch it. Its type is serial, so it needs no lock.</summary>
/// <param name="start">The initial number.</param>
public sealed class CounterObject(long start)
{
    private readonly List<IMessageStream> _watchers = [];

    /// <summary>The number.</summary>
    public long Value { get; private set; } = start;

    /// <summary>Sends the number to a new stream, and each later number.</summary>
    /// <param name="stream">The stream.</param>
    public void Watch(IMessageStream stream)
    {
        stream.Send(Text());
        _watchers.Add(stream);
    }

    /// <summary>Removes a stream.</summary>
    /// <param name="stream">The stream.</param>
    public void Leave(IMessageStream stream) => _watchers.Remove(stream);

    /// <summary>Adds to the number, and sends it to all streams.</summary>
    /// <param name="amount">The amount to add.</param>
    /// <exception cref="PluginException">The number exceeds 64 bits.</exception>
    public void Add(long amount)
    {
        try
        {
            Value = checked(Value + amount);
        }
        catch (OverflowException)
        {
            throw new PluginException($"adding {amount} to {Value} leaves the range of a 64-bit number");
        }

        ReadOnlyMemory<byte> text = Text();
        foreach (IMessageStream watcher in _watchers)
        {
            try
            {
                watcher.Send(text);
            }
            catch (StreamClosedException)
            {
                // The stream has ended, and its OnClosedAsync follows this turn. Send the number to the other streams.
            }
        }
    }

    private ReadOnlyMemory<byte> Text() => Encoding.ASCII.GetBytes(Value.ToString(CultureInfo.InvariantCulture));
}
