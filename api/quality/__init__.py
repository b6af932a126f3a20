"""How complete readings are, what the rules found, and anomalies that two persons dismiss."""
