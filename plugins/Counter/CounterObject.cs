using System.Globalization;
using System.Text;

namespace Wharf.Plugins.Counter;

/// <summary>A number and those who watch it. Its type is serial, so there is no lock.</summary>
/// <param name="start">The number at the beginning.</param>
public sealed class CounterObject(long start)
{
    private readonly List<IMessageStream> _watchers = [];

    /// <summary>The number.</summary>
    public long Value { get; private set; } = start;

    /// <summary>Tells a new stream the number, and every further one from now on.</summary>
    /// <param name="stream">The stream.</param>
    public void Watch(IMessageStream stream)
    {
        stream.Send(Text());
        _watchers.Add(stream);
    }

    /// <summary>Tells a stream nothing more.</summary>
    /// <param name="stream">The stream.</param>
    public void Leave(IMessageStream stream) => _watchers.Remove(stream);

    /// <summary>Adds to the number and tells everyone.</summary>
    /// <param name="amount">How much.</param>
    /// <exception cref="PluginException">The number would not fit 64 bits.</exception>
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
                // It has ended and its OnClosed comes after this turn; the others want their number all the same.
            }
        }
    }

    private ReadOnlyMemory<byte> Text() => Encoding.ASCII.GetBytes(Value.ToString(CultureInfo.InvariantCulture));
}
