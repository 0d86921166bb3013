using System.Runtime.CompilerServices;
using Wharf.Plugins;

// Both ends of a contract name these, so they live with the contracts. Plugins that were compiled before that find them here.
[assembly: TypeForwardedTo(typeof(IServerObject))]
[assembly: TypeForwardedTo(typeof(ITable))]
