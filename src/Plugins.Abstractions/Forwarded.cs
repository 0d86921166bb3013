using System.Runtime.CompilerServices;
using Wharf.Plugins;

// Both ends of a contract use these types, so Wharf.Rpc defines them. The forwarders serve plugins that were compiled earlier.
[assembly: TypeForwardedTo(typeof(IServerObject))]
[assembly: TypeForwardedTo(typeof(ITable))]
