using System.Text;

namespace Wharf.Plugins.Testing;

/// <summary>A message that the plugin sent.</summary>
/// <param name="Payload">The bytes.</param>
/// <param name="References">The objects that were sent with it: a <see cref="TestObject"/>, an <see cref="ITable"/>, or null for an object that no type recognizes.</param>
public sealed record TestMessage(ReadOnlyMemory<byte> Payload, IReadOnlyList<IServerObject?> References)
{
    /// <summary>The bytes as UTF-8.</summary>
    public string Text => Encoding.UTF8.GetString(Payload.Span);

    internal static async Task<TestMessage> OfAsync(PluginTestHost host, ReadOnlyMemory<byte> payload, IReadOnlyList<object?> references)
    {
        var sent = new IServerObject?[references.Count];
        for (var n = 0; n < sent.Length; n++)
        {
            sent[n] = references[n] switch
            {
                null => null,
                ScopedHandle scoped => scoped.Require(),
                IServerObject handle => handle,
                var instance => await host.FindOrAddAsync(instance).ConfigureAwait(false),
            };
        }

        return new TestMessage(payload, sent);
    }
}
