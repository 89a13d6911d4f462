"""What mandates say of needs: judged from plain records, read from the database, put into words.

Not a room: matching asks it as well as the room of funds, which stands above matching.
"""
